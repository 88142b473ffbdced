"""The moment from which one can type, or read, and what a phone had fetched by then."""

from tests.journeys.phone import Phone


def watch_for(thing: str) -> str:
    """Notes when what this selector finds is there to be used.

    Runs before the page's own scripts, past its content policy. The moment counts once the thing is
    there and the page has had a frame and a turn of its own after it. A busy machine draws no frame
    for a while; what the thing needed was asked for before it was there.
    """
    return """
    const box = () => {
        const found = document.querySelector('THING');
        return found && !found.disabled ? found : null;
    };
    new MutationObserver((_, watcher) => {
        if (!box()) return;
        window.__boxAt = performance.now();
        watcher.disconnect();
    }).observe(document, { childList: true, subtree: true });
    const look = () => {
        if (!box()?.getClientRects().length) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => { window.__readyAt = performance.now(); }));
    };
    requestAnimationFrame(look);
""".replace("THING", thing)


WATCH = watch_for("main textarea, main input[type=email]")
# A line of what has happened: they come when the doors above them have theirs.
WATCH_HOME = watch_for("main section ol > li")
READY = """() => new Promise((done, fail) => {
    setTimeout(() => fail(new Error('not ready after half a minute')), 30000);
    const ask = () => window.__readyAt ? done(window.__readyAt) : setTimeout(ask, 10);
    ask();
})"""
# The scripts that were asked for before the box was there, and those after it.
SCRIPTS = """() => {
    const loaded = performance.getEntriesByType('resource');
    const scripts = loaded.filter((one) => one.name.endsWith('.js'));
    const paths = (some) => some.map((one) => new URL(one.name).pathname);
    return [
        paths(scripts.filter((one) => one.startTime < window.__boxAt)),
        paths(scripts.filter((one) => one.startTime >= window.__boxAt)),
    ];
}"""
FORGET = """async () => {
    const workers = await navigator.serviceWorker.getRegistrations();
    for (const worker of workers) await worker.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
}"""


def forget_the_shell(phone: Phone) -> None:
    """As on a first visit, but signed in: every cache and the worker are thrown away."""
    phone.page.evaluate(FORGET)
    phone.cdp("Network.clearBrowserCache")
