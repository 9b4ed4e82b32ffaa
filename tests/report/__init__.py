"""Reports, and the run by hand that they are tried on."""
