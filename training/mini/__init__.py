"""How is a small sentence encoder taught to answer as a large one does?"""
