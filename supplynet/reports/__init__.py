"""Results into documents, and documents into text: see :mod:`supplynet.present.document`."""
