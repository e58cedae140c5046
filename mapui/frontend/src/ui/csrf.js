/**
 * The token against forged requests, from its cookie; behind HTTPS the cookie's name has a prefix.
 *
 * @returns {string} empty where the server has set none yet
 */
export const csrfToken = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? "";
