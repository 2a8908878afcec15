"""What a person is told, in the portal's inbox and by mail. Every room above may tell; nobody is told twice."""
