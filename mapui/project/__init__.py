"""Settings, addresses and the ASGI application: where everything is put together."""
