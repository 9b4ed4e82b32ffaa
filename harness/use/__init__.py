"""What one user uses: `harness.yaml`, findings judged by it, waivers, and the user's own baseline."""
