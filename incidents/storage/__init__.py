"""Where files of cases are kept once they are whole: Django's storage "media", a folder or a bucket."""

from incidents.storage.folder import Folder
from incidents.storage.store import CHUNK, Moved, Store, StoreAway, media_store

__all__ = ["CHUNK", "Folder", "Moved", "Store", "StoreAway", "media_store"]
