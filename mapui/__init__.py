"""The roof: what people see, and where everything is put together."""
