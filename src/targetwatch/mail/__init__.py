"""Mails to owners and data stewards: what is to be told, bound into one mail, sent once, remembered."""
