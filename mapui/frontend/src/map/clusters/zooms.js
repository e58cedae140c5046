/** The last zoom of clusters; by itself, as the page must not read the library that its worker sorts with. */
export const MAX_ZOOM = 16;
