"""The live meetings of this process: what is decided, made durable, and sent to whom."""
