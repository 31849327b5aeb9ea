from urllib.request import urlopen

from fakeproviders import SyncHarness

with SyncHarness() as harness, harness.session(seed=7) as session:
    session.erban.fail({"status": {"status": 502}}, operation="help")
    try:
        urlopen(f"{session.erban.url}/WebService/SmsService.asmx")
    except OSError as error:
        print(error)
    print(session.story())
