"""Everything between targetwatch and a viewer: rules, mail, dashboards, and the stack that runs them."""
