# The server's door: problems that are nobody's business in particular

problem-request-too-slow = What you sent came in too slowly
problem-request-too-slow-detail = Please check your connection and send it again.
problem-too-busy = There are many people here right now
problem-too-busy-detail = Please try again in a moment.
