;; cmp x0, #1
;; csel x4, x3, x3, ne
;; cinc x5, x4, lt
;; cinv x6, x5, mi

func f0 (locals 4 i32, 3 i64, 1 i32, 6 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 4
  i32.const 0
  i64.load offset=0x118
  local.set 10
  i32.const 0
  i64.load offset=0x120
  local.set 11
  i32.const 0
  i64.load offset=0x128
  local.set 12
  i32.const 0
  i64.load offset=0x130
  local.set 13
  i32.const 0
  i32.load offset=0x4c0
  local.set 7
  i32.const 0
  i64.load offset=0x4c8
  local.set 8
  i32.const 0
  i64.load offset=0x4d0
  local.set 9
  block
    block
      local.get 0
      i32.const 5
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 5
      i32.sub
      local.set 0
      block
        block
          local.get 4
          local.set 5
          i64.const 1
          local.set 6
          local.get 5
          local.set 8
          local.get 6
          local.set 9
          i32.const 4
          local.set 7
          local.get 10
          local.get 10
          local.get 8
          local.get 9
          i64.ne
          select
          local.set 11
          local.get 11
          local.get 11
          i64.const 1
          i64.add
          local.get 8
          local.get 9
          i64.ge_s
          select
          local.set 12
          local.get 12
          local.get 12
          i64.const -1
          i64.xor
          local.get 8
          local.get 9
          i64.sub
          i64.const 0
          i64.lt_s
          i32.eqz
          select
          local.set 13
          i32.const 0
          local.get 11
          i64.store offset=0x120
          i32.const 0
          local.get 12
          i64.store offset=0x128
          i32.const 0
          local.get 13
          i64.store offset=0x130
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 7
    i32.store offset=0x4c0
    i32.const 0
    local.get 8
    i64.store offset=0x4c8
    i32.const 0
    local.get 9
    i64.store offset=0x4d0
  end
  local.get 1
end
