from seatrial import System

ferry = System("ferry")
manifests = ferry.queue("manifests")
ferry.worker("reader", "read", receives=[manifests])
ferry.service("desk", "serve", port=8080, sends=[manifests])
ferry.usage(manifests, messages="20k/month", through="30 GB")
