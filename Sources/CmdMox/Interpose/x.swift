package let x = BuiltInterpose.folder
