/** What a dossier carries in itself to draw its two maps: Leaflet, and the plugin that moves both at once. */
import L from "leaflet";
import "leaflet.sync";

Object.assign(window, { L });
