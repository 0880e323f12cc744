"""Run by alembic: revisions run on the connection that ``liveconsole.store.migrate`` has put in the config,
inside its one transaction."""

from alembic import context

from liveconsole.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
