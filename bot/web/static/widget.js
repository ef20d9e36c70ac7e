// <script src="https://…/widget.js" async></script> <tsunagu-chat label="困りごとを相談する"></tsunagu-chat>
// Defines the element only; the conversation is loaded when somebody opens it. Works as a classic script and as a module.
(() => {
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  const base = new URL(".", script.src).href;
  const files = `${base}static/%VERSION%/`;
  const LABEL = "困りごとを相談する";

  // A sheet made by script is allowed where the host page's policy forbids inline style; phones from before 2023 get a link.
  async function dress(shadow) {
    const addresses = ["chat.css", "widget.css"].map((name) => files + name);
    if (!("adoptedStyleSheets" in Document.prototype)) {
      return Promise.all(addresses.map((href) => new Promise((done) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = href;
        link.onload = link.onerror = done;
        shadow.append(link);
      })));
    }
    shadow.adoptedStyleSheets = await Promise.all(addresses.map(async (address) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(await (await fetch(address, { credentials: "omit" })).text());
      return sheet;
    }));
  }

  class TsunaguChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const shadow = this.attachShadow({ mode: "open" });
      this.opener = document.createElement("button");
      this.opener.type = "button";
      this.opener.className = "opener";
      this.opener.hidden = true;
      this.opener.textContent = this.getAttribute("label") || LABEL;
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.addEventListener("click", () => this.open());
      shadow.append(this.opener);
      // Shown once it is dressed. Where this site is not on the city's list it leads to the city's own page instead.
      dress(shadow).catch(() => {}).then(() => {
        this.opener.hidden = false;
      });
    }

    async open() {
      if (!this.panel) {
        try {
          const { openPanel } = await import(`${files}panel.js`);
          const guide = await (await fetch(`${base}widget.json`, { credentials: "omit" })).json();
          this.panel = openPanel(this.shadowRoot, { base, guide, onClose: () => this.close() });
        } catch (error) {
          location.assign(base);
          return;
        }
      }
      this.panel.hidden = false;
      this.opener.hidden = true;
      this.opener.setAttribute("aria-expanded", "true");
      this.panel.querySelector("textarea").focus();
    }

    close() {
      this.panel.hidden = true;
      this.opener.hidden = false;
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.focus();
    }
  }

  customElements.define("tsunagu-chat", TsunaguChat);
})();
