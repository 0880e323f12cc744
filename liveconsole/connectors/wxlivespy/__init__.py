"""wxlivespy: a listener for the events that it forwards from the host's own 视频号助手 page."""
