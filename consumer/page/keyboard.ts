/** The actions of the keys, by the names of the help dialog. */
export interface Actions {
  search: () => void;
  pause: () => void;
  move: (step: 1 | -1) => void;
  leave: () => void;
  help: () => void;
}

/** Single keys act only outside text fields. With a modifier, they are left to the browser. */
export function listenToKeys(actions: Actions): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape") return actions.leave();
    if (target.matches("input[type=search], textarea, select")) {
      // The down key moves from the search field into the list of what it found.
      if (event.key === "ArrowDown") act(event, () => actions.move(1));
      return;
    }
    const inList = target.closest("#feed") !== null;
    if (event.key === "/") act(event, actions.search);
    else if (event.key === "p") act(event, actions.pause);
    else if (event.key === "?") act(event, actions.help);
    else if (event.key === "j" || (inList && event.key === "ArrowDown")) act(event, () => actions.move(1));
    else if (event.key === "k" || (inList && event.key === "ArrowUp")) act(event, () => actions.move(-1));
  });
}

function act(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}
