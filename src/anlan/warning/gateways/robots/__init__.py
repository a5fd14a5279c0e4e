"""Robots in chats of WeCom (企业微信) and DingTalk (钉钉)."""
