"""PostgreSQL: connections, migrations, SQL in named files, one repository per aggregate. Nothing else speaks SQL."""
