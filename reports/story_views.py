def returned_block(user):
    return None


def waiting_block(user):
    return None
