"""What can be done with the vault by hand."""
