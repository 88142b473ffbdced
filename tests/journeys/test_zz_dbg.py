from tests.journeys.test_versions import *
from tests.journeys.conftest import *


def test_dbg(signed_in, server, deployed):
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    second = Phone.beside(phone)
    second.open("/mine")
    deploy(server, deployed.put_new_version)
    look_for_updates(phone)
    phone.sees(READY)
    loads, second_loads = count_loads(phone), count_loads(second)
    js = """() => { const log = window.__log = []; navigator.serviceWorker.addEventListener('controllerchange', () => log.push('cc ' + performance.now())) }"""
    phone.page.evaluate(js)
    second.page.evaluate(js)
    st = """async () => { const r = await navigator.serviceWorker.getRegistration(); const l = await navigator.locks.query(); return JSON.stringify({log: window.__log, w: r.waiting?.state, a: r.active?.state, i: r.installing?.state, held: l.held, pending: l.pending, text: document.querySelector('[role=status]')?.innerText, c: (await caches.keys())}) }"""
    print("before", phone.page.evaluate(st))
    phone.tap("button", "Reload")
    for i in range(12):
        phone.page.wait_for_timeout(500)
        try:
            print(i, loads, second_loads, is_new(phone), phone.page.evaluate(st))
        except Exception as e:
            print(i, repr(e)[:100])
