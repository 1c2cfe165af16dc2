"""Meetings as the web knows them: opening one, handing out tickets, the tables that the room writes."""
