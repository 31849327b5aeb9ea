"""The whole product from outside: real servers, real sockets, clients as they are."""
