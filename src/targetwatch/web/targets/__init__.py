"""Everything about a target: the list, its page, its versions, changing it, making a new one."""
