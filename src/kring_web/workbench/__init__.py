"""The workbench: change a method or make one, see at once whether it is right, rehearse it, and publish it."""
