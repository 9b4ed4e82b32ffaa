"""One module a command, each with `run(arguments) -> exit code`; imported only when it is called."""
