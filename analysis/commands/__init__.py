"""The commands, one file each; `analysis.__main__` makes a command line of them."""
