"""Text messages over the HTTP gateway of a domestic operator or its reseller."""
