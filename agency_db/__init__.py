"""The agency directory: windows, offices, routes, places and 地域の縁側. It knows nothing of Rasa or the web."""
