"""The runbooks that mails lead to and the guide for admins, as pages."""
