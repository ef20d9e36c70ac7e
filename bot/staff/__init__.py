"""The people who work with つなぐ: accounts, sign-ins and the record of what they did. Knows nothing of the web."""
