"""What a mail is answered by: "I know" of a target's trouble, and no reminders and summaries any more."""
