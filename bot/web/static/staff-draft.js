// What was typed and not yet sent: kept in this tab only, for this account only, gone when it is sent or signed out.

const PREFIX = "tsunagu-draft:";

export function draft(name) {
  const key = `${PREFIX}${document.body.dataset.account}:${name}`;
  return {
    // Whatever JSON can hold, or null.
    load() {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch (error) {
        return null;
      }
    },
    save(value) {
      try {
        sessionStorage.setItem(key, JSON.stringify(value));
      } catch (error) {
        // Storage is switched off or full: the page works without it.
      }
    },
    drop() {
      try {
        sessionStorage.removeItem(key);
      } catch (error) {
        // As above.
      }
    },
  };
}

// kept: the account whose drafts stay; without it all go.
export function dropDrafts(kept) {
  try {
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX) && !(kept && key.startsWith(`${PREFIX}${kept}:`)))
      .forEach((key) => sessionStorage.removeItem(key));
  } catch (error) {
    // As above.
  }
}
