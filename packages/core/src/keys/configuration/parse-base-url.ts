/** Where keys go unless something else is said. */
export const DEFAULT_BASE_URL = "https://api.openai.com/v1";

export type ParsedBaseUrl =
  /** Without a trailing slash. */
  { readonly baseUrl: string } | { readonly message: string; readonly remedy: string };

/** Reads the address that keys are bound to. The messages hold nothing of it but its host. */
export function parseBaseUrl(text: string): ParsedBaseUrl {
  const url = URL.parse(text.trim());
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return {
      message: "the base URL is not an http or https address",
      remedy: `Write it in full, as in "${DEFAULT_BASE_URL}"`,
    };
  }
  if (url.username || url.password || url.search || url.hash) {
    return {
      message: "the base URL has more than a host and a path",
      remedy: 'Remove user, password, and what follows "?" or "#"',
    };
  }
  // Whoever sees the traffic between this machine and another would have the key.
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return {
      message: `keys would be sent to ${url.hostname} without encryption`,
      remedy: "Use https, or a tunnel from this machine; http is for localhost only",
    };
  }
  return { baseUrl: url.href.replace(/\/+$/, "") };
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(?:\.\d+){3}$/.test(hostname)
  );
}
