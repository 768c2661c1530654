"""What an image is for, by its name: which part it becomes, or why it becomes none."""

from __future__ import annotations

import re
from typing import Literal

from seatrial.model.value import Value

__all__ = ["Image", "Role", "image_of"]

Role = Literal[
    "postgres",
    "cache",
    "queue",
    "blobs",
    "documents",
    "model",
    "temporal",
    "temporal-ui",
    "bus",
    "front",
    "aside",
    "process",
]
"""`bus` is the emulator of Service Bus, `front` leads to others, `aside` becomes no part."""


class Image(Value):
    """An image, and what it is for."""

    name: str
    """Without registry, tag and digest: `pgvector/pgvector`."""
    tag: str
    role: Role
    why: str = ""
    """Of `aside`: why there is no part. Of another: in what the part differs from it; empty: in nothing."""
    hint: str = ""


_WATCHED = "logs, metrics and traces go to Azure Monitor, which every system has"
_PAGE = "a page for developers, which no user of the system sees"
_NO_WORD = "no word for such a store"

_KNOWN: tuple[tuple[str, Role, str, str], ...] = (
    (
        r"postgres|postgresql|pgvector|timescaledb(-ha)?|postgis|pgvecto-rs|vchord-postgres|pgautoupgrade|"
        r"postgresql-repmgr|.*/postgres|spilo.*",
        "postgres",
        "",
        "",
    ),
    (r"redis|valkey|keydb|redis-stack(-server)?|dragonfly", "cache", "", ""),
    (r"azure-storage/azurite|azurite", "blobs", "", ""),
    (
        r"minio",
        "blobs",
        "Azure's blobs are reached by another protocol than S3",
        "use a library that knows both, as obstore or fsspec; it reads the address from its variable",
    ),
    (
        r"rabbitmq|lavinmq",
        "queue",
        "Service Bus speaks AMQP 1.0, RabbitMQ 0.9.1: exchanges and bindings are not carried",
        "use a library of Service Bus (kombu and Celery have a transport), and write a queue for each",
    ),
    (
        r"mongo|mongodb|mongodb-community-server|ferretdb",
        "documents",
        "documents are kept in Cosmos DB and asked in its own protocol, not MongoDB's",
        "change the client, and say by which path documents are kept together: partition=",
    ),
    (r"cosmosdb/linux/azure-cosmos-emulator", "documents", "", ""),
    (r"azure-messaging/servicebus-emulator", "bus", "", ""),
    (
        r"ollama|vllm-openai|localai|text-generation-inference|llama\.cpp",
        "model",
        "a model of Azure answers in its place, by the same protocol of OpenAI",
        "name the model that you want",
    ),
    (r"temporalio/(auto-setup|server)", "temporal", "", ""),
    (r"temporalio/ui|temporalio/web", "temporal-ui", "", ""),
    (r"temporalio/admin-tools|tctl", "aside", "the server brings its own schema up to date", ""),
    (
        r"nginx|nginx-unprivileged|traefik|caddy|haproxy|envoy|nginx-proxy|httpd|openresty|nginx-proxy-manager",
        "front",
        "",
        "",
    ),
    (
        r"mailhog|mailpit|maildev|smtp4dev|mailcatcher|inbucket",
        "aside",
        "it catches mail on a developer's machine",
        "on Azure give the address and the password of a mail service as secrets",
    ),
    (
        r"pgadmin4?|adminer|redis-?commander|redisinsight|mongo-express|phpmyadmin|flower|portainer(-ce)?|"
        r"dozzle|kafka-ui|redpanda-console|cloudbeaver|pgweb|bull-?board|swagger-ui|homepage",
        "aside",
        _PAGE,
        "run it on your own machine against the store",
    ),
    (
        r"grafana|prometheus|loki|promtail|tempo|jaeger|all-in-one|opentelemetry-collector(-contrib)?|zipkin|"
        r"cadvisor|node-exporter|alertmanager|postgres-exporter|redis_exporter|blackbox-exporter|vector|"
        r"fluent-bit|fluentd|statsd|netdata|kibana|logstash|seq|alloy",
        "aside",
        _WATCHED,
        "say what is to be looked at: alert(…), dashboard(…)",
    ),
    (r"watchtower|autoheal|ofelia|docker-socket-proxy|docker-gen", "aside", "it steers Docker", ""),
    (
        r"certbot|acme-companion|letsencrypt.*|cloudflared",
        "aside",
        "certificates and the way in are Azure's: TLS ends at the entrance",
        "",
    ),
    (r"minio/mc|mc", "aside", "it makes buckets, and blobs parts are made when the system is", ""),
    (r"pgbouncer|pgpool", "aside", "a pooler, and processes keep their own pool", ""),
    (
        r"mysql|mysql-server|mariadb|percona.*",
        "aside",
        "no word for MySQL",
        "move to PostgreSQL: pgloader copies schema and data",
    ),
    (
        r"mssql/server|azure-sql-edge",
        "aside",
        "no word for SQL Server",
        "move to PostgreSQL, or give the address of a server of yours as a secret",
    ),
    (
        r"qdrant|weaviate|milvus|chroma|chromadb",
        "aside",
        "no word for a store of vectors",
        'keep vectors in PostgreSQL: postgres(…, extensions=["vector"])',
    ),
    (
        r"elasticsearch|opensearch|meilisearch|typesense|solr|manticore|sonic",
        "aside",
        "no word for a search engine",
        "PostgreSQL searches text by itself; or give the address of a service of yours as a secret",
    ),
    (
        r"kafka|cp-kafka|redpanda|nats|zookeeper|cp-zookeeper|pulsar|activemq.*|emqx|eclipse-mosquitto|mosquitto",
        "aside",
        "no word for a stream of events",
        "write a queue(…, topic=True) where messages, not a history, are wanted",
    ),
    (r"memcached", "aside", "no word for Memcached", "write cache(…), which speaks Redis's protocol"),
    (
        r"neo4j|clickhouse(-server)?|influxdb|cassandra|scylla|couchdb|arangodb|dgraph|cockroach|tidb|etcd|"
        r"consul|vault|surrealdb|rethinkdb|questdb|rqlite|localstack|keycloak|authentik.*",
        "aside",
        _NO_WORD,
        "give the address of a service of yours as a secret, or as env",
    ),
)


def image_of(reference: str) -> Image:
    """What the image of a service is for."""
    bare = reference.partition("@")[0]
    path, colon, tag = bare.rpartition(":")
    if not colon or "/" in tag:
        path, tag = bare, ""
    name = re.sub(r"^[^/]*[.:][^/]*/", "", path)  # a registry has a dot or a port in its name
    name = re.sub(r"^(library|bitnami|bitnamilegacy)/", "", name)
    last = name.rpartition("/")[2]
    for pattern, role, why, hint in _KNOWN:
        if re.fullmatch(pattern, name) or re.fullmatch(pattern, last):
            return Image(name=name, tag=tag, role=role, why=why, hint=hint)
    return Image(name=name, tag=tag, role="process")
