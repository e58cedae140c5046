"""Pages of the office for residents' views (社情民意)."""
