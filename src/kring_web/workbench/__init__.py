"""The workbench: change a method or make one, see at once whether it holds, rehearse it, and publish it."""
