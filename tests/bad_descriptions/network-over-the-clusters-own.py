from seatrial import System

ferry = System("ferry")
ferry.network("net", space="172.16.0.0/16")
ferry.worker("packer", "pack", host="aks")
