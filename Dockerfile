# PostgreSQL with vgae, created in the database that the container starts with:
#
#   docker build -t vgae .
#   docker run --name graphs -e POSTGRES_PASSWORD=secret -d vgae
#   docker exec -it graphs psql -U postgres
#
# --build-arg PG_MAJOR=17 is for another version; all else is as in the official image.

ARG PG_MAJOR=15

FROM postgres:${PG_MAJOR}-bookworm AS build
# The server, too: headers newer than it would make a library that it cannot load.
RUN apt-get update && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		gcc libc6-dev libopenblas-dev make "postgresql-$PG_MAJOR" "postgresql-server-dev-$PG_MAJOR"
COPY . /usr/src/vgae
RUN make -C /usr/src/vgae -j "$(nproc)" && \
	make -C /usr/src/vgae install DESTDIR=/installed && \
	strip --strip-unneeded "/installed/usr/lib/postgresql/$PG_MAJOR/lib/vgae.so"

FROM postgres:${PG_MAJOR}-bookworm
RUN apt-get update && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		libopenblas0 "postgresql-$PG_MAJOR" && \
	rm -rf /var/lib/apt/lists/*
COPY --from=build /installed /
RUN echo 'CREATE EXTENSION vgae;' >/docker-entrypoint-initdb.d/vgae.sql
