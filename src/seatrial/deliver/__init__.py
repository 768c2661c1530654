"""What carries a system to where it runs: images, Compose, Kubernetes, GitHub Actions, azd."""
