"""What a system becomes on Azure: one graph of typed resources, and its printers."""
