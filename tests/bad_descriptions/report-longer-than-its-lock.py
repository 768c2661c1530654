from seatrial import System

ferry = System("ferry")
reports = ferry.queue("reports", lock="1 min")
writer = ferry.worker("writer", "write", receives=[reports])
ferry.service("desk", "serve", port=8080, sends=[reports])
ferry.usage(writer, item_time="20 min")
