"""What the web must do at a time: reminders, polls, mail. A table and a loop; nothing else to install."""
