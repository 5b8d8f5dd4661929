/*
 * What the app's Python imports of flwr, as little of it as it uses: so that its own code can be run where Flower is not
 * installed.
 */
export const FLOWER_MODULES = `
import io, math, sys, types, numpy as np

class Array:
    def __init__(self, values): self.values = values
    def numpy(self): return self.values

class Broken:
    def numpy(self): raise AttributeError("no array")

def record(allowed):
    class Record(dict):
        def __init__(self, values):
            for name, value in values.items():
                first = value[0] if isinstance(value, list) else value
                if not isinstance(first, allowed): raise TypeError(f"{name}: {type(first)}")
                if type(first) is int and not -2**63 <= first < 2**64: raise ValueError(f"{name} is out of range")
            super().__init__(values)
    return Record

class Metadata: pass

class Error:
    def __init__(self, code, reason): self.code, self.reason = code, reason

class Message:
    def __init__(self, content=None, dst_node_id=None, message_type=None, ttl=None, error=None, reply_to=None):
        self.content, self.error, self.ttl, self.metadata = content, error, ttl, Metadata()
        self.metadata.dst_node_id = dst_node_id
    def has_error(self): return self.error is not None

class App:
    def main(self): return lambda function: function
    query = main

flwr = types.ModuleType("flwr")
flwr.app = types.ModuleType("flwr.app")
flwr.serverapp = types.ModuleType("flwr.serverapp")
flwr.clientapp = types.ModuleType("flwr.clientapp")
flwr.app.Array, flwr.app.ArrayRecord, flwr.app.ConfigRecord = Array, record((Array, Broken)), record((int, float, str, bool, bytes))
flwr.app.RecordDict, flwr.app.Message, flwr.app.Context = dict, Message, object
flwr.serverapp.Grid, flwr.serverapp.ServerApp, flwr.clientapp.ClientApp = object, App, App
sys.modules.update({"flwr": flwr, "flwr.app": flwr.app, "flwr.serverapp": flwr.serverapp, "flwr.clientapp": flwr.clientapp})
sys.path.insert(0, "flower")
sys.dont_write_bytecode = True
from fedkmeans_flower import client_app, frames, records, server_app
`;
