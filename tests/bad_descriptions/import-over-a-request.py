from seatrial import System

ferry = System("ferry")
office = ferry.service("office", "serve", port=8080, health="/health", public=True)
ferry.expects(office.post("/import"), p95="6 min", at="2/h")
