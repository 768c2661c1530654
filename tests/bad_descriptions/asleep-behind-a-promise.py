from seatrial import System

ferry = System("ferry")
hello = ferry.service("hello", "serve", port=8080, health="/health", public=True, replicas=(0, 3))
ferry.expects(hello.get("/crossings"), p95="1 s", at="5/h")
